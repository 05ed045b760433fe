import sys

from quiz.app import create_app
from quiz.cli.serve import end_with_parent, keep_out_of_collections
from quiz.config import SettingsError

try:
    app = create_app()
except SettingsError as error:
    sys.exit(f"Error: {error}")
end_with_parent()
keep_out_of_collections()
