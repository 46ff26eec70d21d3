"""A finger as an input provider would report it: for whoever touches the real widgets from
inside.
"""

from kivy.input.motionevent import MotionEvent


class Finger(MotionEvent):
    """One touch; its place is a part (0 … 1) of the window's width and height."""

    def __init__(self, device: str, number: int, x: float, y: float) -> None:
        super().__init__(device, number, {"x": x, "y": y}, is_touch=True, type_id="touch")

    def depack(self, args: dict[str, float]) -> None:
        """Take the place."""
        self.sx, self.sy = args["x"], args["y"]
        self.profile = ["pos"]
        super().depack(args)
