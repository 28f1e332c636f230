"""Steps of `features/blindness`: all are shared, see `steps/sights.py`."""

from pytest_bdd import scenarios

scenarios("../../features/blindness")
