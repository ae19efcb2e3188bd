"""The closed lists a law pack chooses from: measures, triggers, confidence, kinds of mandate."""

from enum import StrEnum


class Measure(StrEnum):
    """How the amount of a limit is counted (LAW.md "Counting"; Civil Code 91/2015 Art. 145-148)."""

    HOUR = "hour"
    OFFICE_HOUR = "office_hour"
    WORKING_DAY = "working_day"
    DAY = "day"
    MONTH = "month"
    FIXED_DATE = "fixed_date"
    AT_ONCE = "at_once"
    NEXT_ISSUE = "next_issue"


class Trigger(StrEnum):
    """The moment a clock starts at."""

    OCCURRED_AT = "occurred_at"
    RECEIVED_HANDLED_AT = "received_handled_at"
    IMPACT_DETERMINED_AT = "impact_determined_at"
    RECEIVED_AT = "received_at"
    CONCLUSION_ISSUED_AT = "conclusion_issued_at"
    PRESS_RECEIVED_AT = "press_received_at"
    AUTHORISATION_SIGNED_AT = "authorisation_signed_at"
    DECISION_SIGNED_AT = "decision_signed_at"
    DETECTED_AT = "detected_at"
    PERIOD = "period"


class Status(StrEnum):
    """Confidence: the clause was read, it is our reading, or only press and law-firm reports say so."""

    CONFIRMED = "confirmed"
    INFERRED = "inferred"
    SECONDARY = "secondary"


class MandateKind(StrEnum):
    """By what right somebody speaks in the agency's name."""

    HEAD = "head"
    STANDING = "standing"
    AUTHORISED = "authorised"
