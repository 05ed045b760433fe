from quiz.app import create_app
from quiz.cli.serve import end_with_parent

app = create_app()
end_with_parent()
