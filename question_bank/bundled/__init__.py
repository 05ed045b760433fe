"""The bundled bank. ``district/`` holds what people write and review, ``district.xlsx`` is made from it."""
