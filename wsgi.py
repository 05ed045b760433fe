import gc
import sys

gc.disable()  # until all is loaded: to look through half of it again and again takes a fifth of the time to start

from quiz.app import create_app  # noqa: E402  (after gc.disable)
from quiz.cli.serve import draw_ahead, end_with_parent, keep_out_of_collections, keep_to_own_cores  # noqa: E402  (after gc.disable)
from quiz.config import SettingsError  # noqa: E402  (after gc.disable)

keep_to_own_cores()
try:
    app = create_app()
except SettingsError as error:
    sys.exit(f"Error: {error}")
end_with_parent()
draw_ahead(app)
keep_out_of_collections()
