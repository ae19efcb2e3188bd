"""What the router proposes for questions of our own making."""

import pytest

from models.routing import Router
from models.routing.rules import preview

CHOOSE = [
    ("Bao nhiêu người phải nhập viện sau bữa tiệc cưới, có phải ngộ độc thực phẩm?", "so_y_te"),
    ("Giá vé xe khách dịp lễ tăng gấp đôi, bến xe có kiểm soát không?", "so_xay_dung"),
    ("Bao giờ phụ huynh biết điểm chuẩn vào lớp 10?", "so_gddt"),
    ("Cướp tiệm vàng giữa trưa, đã bắt được nghi phạm chưa?", "cong_an_tinh"),
    ("Dịch tả lợn châu Phi lan tới mấy trang trại, tiêu hủy bao nhiêu con?", "so_nnmt"),
    ("Cúp điện từ sáng, khi nào có điện lại?", "dien_luc"),
    ("Lương hưu tháng này chi trả trễ, vì sao?", "bhxh"),
    ("Tu bổ lăng tẩm dùng vật liệu mới có đúng nguyên tắc bảo tồn di tích?", "so_vhttdl"),
    ("Khám tuyển nghĩa vụ quân sự năm nay lấy chỉ tiêu bao nhiêu?", "bch_quan_su"),
    ("Hàng giả bày bán công khai, lực lượng quản lý thị trường đã kiểm tra chưa?", "qltt"),
    ("When will the hospital have enough medicine again?", "so_y_te"),
    ("Sở Tư pháp nói gì về việc công chứng viên ký khống?", "so_tu_phap"),
]


@pytest.mark.parametrize(("text", "unit"), CHOOSE)
def test_a_clear_question_goes_to_the_unit_that_answers_it(router: Router, text: str, unit: str) -> None:
    """A clear question goes to the unit that answers it."""
    proposal = router.route(text)
    assert (proposal.action, proposal.units[0].id, proposal.abstain) == ("choose", unit, False)


@pytest.mark.parametrize(("text", "unit"), CHOOSE)
def test_every_proposal_says_why(router: Router, text: str, unit: str) -> None:
    """Every proposal says why."""
    for scored in router.route(text).units:
        assert "→" in scored.reason
        assert 0 <= scored.score <= 1


def test_the_reason_quotes_the_words_it_rests_on(router: Router) -> None:
    """The reason quotes the words it rests on."""
    assert router.route("Vụ ngộ độc thực phẩm ở tiệc cưới xử lý sao?").units[0].reason == "vì có “ngộ độc thực phẩm, tiệc cưới” → Sở Y tế"


@pytest.mark.parametrize(
    "text",
    [
        "Em chào anh, em là phóng viên báo điện tử. Cho em hỏi: {}",
        "Kính gửi quý cơ quan, đề nghị cung cấp thông tin: {} Hạn trả lời trước 16h ngày mai.",
        "alo anh ơi cho em hỏi tí {} em cần gấp trong sáng nay, cảm ơn anh nhiều",
        "{} Rất mong sớm nhận được phản hồi. Trân trọng.",
    ],
)
def test_greetings_and_deadlines_change_nothing(router: Router, text: str) -> None:
    """Greetings and deadlines change nothing."""
    plain = "Bao giờ sửa xong cây cầu hư hỏng trên quốc lộ 49?"
    assert router.route(text.format(plain)) == router.route(plain)


@pytest.mark.parametrize(
    "text",
    [
        "bao nhieu nguoi ngo doc thuc pham phai nhap vien",
        "bao nhiêu người ngô độc thực phẩmm phải nhập viên",
        "NĐTP bao nhiêu BN phải vào BV",
        "BAO NHIÊU NGƯỜI NGỘ ĐỘC THỰC PHẨM PHẢI NHẬP VIỆN",
        "bao nhieu nguoi ngo doc thuc phan phai nhap vienn",
    ],
)
def test_phone_typing_is_understood(router: Router, text: str) -> None:
    """Phone typing is understood."""
    assert router.route(text).units[0].id == "so_y_te"


@pytest.mark.parametrize(
    "text",
    [
        "Vụ cháy chợ đêm qua thiệt hại bao nhiêu, học sinh trường bên cạnh được nghỉ đến khi nào?",
        "Xin số liệu giải ngân đầu tư công và danh sách di tích đang trùng tu",
        "Sau bão số 9: bao giờ có điện lại, trường nào cho học sinh nghỉ học?",
    ],
)
def test_questions_for_several_units_are_taken_apart(router: Router, text: str) -> None:
    """Questions for several units are taken apart."""
    proposal = router.route(text)
    assert proposal.action == "split"
    assert len(proposal.parts) == 2
    assert proposal.note


def test_what_a_message_began_with_stays_with_each_part(router: Router) -> None:
    """What a message began with stays with each part."""
    parts = router.route("Sau bão số 9: bao giờ có điện lại, trường nào cho học sinh nghỉ học?").parts
    assert all(part.startswith("Sau bão số 9: ") for part in parts)


@pytest.mark.parametrize(
    "text",
    [
        "Ngộ độc ở trường mầm non, bao nhiêu cháu nhập viện và bệnh viện nào điều trị?",
        "Học phí năm nay tăng bao nhiêu, phụ huynh phản đối thì trường nói sao?",
    ],
)
def test_several_questions_for_one_unit_stay_together(router: Router, text: str) -> None:
    """Several questions for one unit stay together."""
    assert router.route(text).action == "choose"


@pytest.mark.parametrize(
    "text",
    [
        "Xã em thu tiền làm đường mỗi hộ ba triệu, ai cho phép?",
        "UBND phường trả lời sao về bãi rác tự phát?",
        "Chủ tịch xã Tân Thới nói gì về việc chậm thu gom rác?",
        "Ở Kim Long có bao nhiêu hộ chưa có nhà?",
    ],
)
def test_a_commune_not_named_or_not_sure_is_asked_for(router: Router, text: str) -> None:
    """A commune not named or not sure is asked for."""
    proposal = router.route(text)
    assert proposal.action == "ask_area"
    assert proposal.units[0].id.startswith("area")
    assert "xã, phường nào" in proposal.note


def test_a_commune_named_is_proposed_itself(router: Router) -> None:
    """A commune named is proposed itself."""
    proposal = router.route("Chủ tịch phường Vỹ Dạ nói gì về việc hàng rong lấn chiếm vỉa hè?")
    assert (proposal.action, proposal.units[0].id) == ("choose", "area_phuong_vy_da")


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("Bộ Công Thương nói gì về giá xăng?", "desk"),
        ("Mấy giờ mở cửa tham quan Đại Nội?", "desk"),
        ("giá cổ phiếu ngày mai thế nào", "desk"),
        ("Nhờ anh xem giúp câu hỏi trong file đính kèm", "desk"),
        ("cho em xin thông tin vụ hôm qua", "desk"),
        ("blorf zung qwxz", "desk"),
        ("chào anh ạ", "help"),
        ("alo", "help"),
    ],
)
def test_what_no_unit_answers_goes_to_the_desk_and_is_never_refused(router: Router, text: str, action: str) -> None:
    """What no unit answers goes to the desk and is never refused."""
    proposal = router.route(text)
    assert (proposal.action, proposal.abstain) == (action, True)
    assert proposal.units[-1].id == "dic_desk"
    assert proposal.contract()["action"] == "desk"


def test_a_rule_of_the_office_adds_its_weight(router: Router) -> None:
    """A rule of the office adds its weight."""
    reasons = {unit.id: unit.reason for unit in router.route("Công nhân đình công trong khu công nghiệp Phú Bài").units}
    assert "lao động trong khu công nghiệp" in reasons["bql_kkt"] or "khu công nghiệp" in reasons["bql_kkt"]


def test_a_rule_is_tried_on_earlier_questions_first(router: Router) -> None:
    """Exactly those it would touch: the matter and the place must both be there."""
    rule = next(rule for rule in router.known.lexicon.rules if rule.concept == "moi_truong")
    asked = ["Môi trường khu công nghiệp Phú Bài ô nhiễm?", "Môi trường ở bãi biển ô nhiễm?", "Công nhân khu công nghiệp nợ lương?"]
    assert preview(router.known, rule, asked) == asked[:1]
