"""What the database and the disk ask of us: two engines, who may write, copies and their fence."""
