"""What the import page's tests hand in: a few short invented newsletters."""

from __future__ import annotations

from html import escape

LOOM = """# The Loom Letter

Corvid Labs raised $40 million in a Series B led by Tarn Ventures on 2026-03-02.

Ostrava Compute acquired Marlow Robotics for $120 million.

Ana Torres is the CEO of Corvid Labs.
"""
QUARRY = """# Quarry Notes

Tarn Ventures invested $15 million in Marlow Robotics.

Corvid Labs released the model Heron 3.
"""
RIDDLES = "Rain fell on the roofs all afternoon, and nobody in the lane went out.\n"
PAGE = "<!doctype html><title>Mill Dispatch</title><h1>Mill Dispatch<p>Tarn Ventures invested $7 million in Quillwork."
REJECTED = "Ostrava Compute", "acquired", "Marlow Robotics"
HOSTILE = (
    "$x^2$ ~~gone~~ **loud** :smile: [press](javascript:alert(1)) <script>window.hacked=1</script>"
    "<img src=x onerror=window.hacked=1>"
)
HOSTILE_PAGE = f"""<!doctype html><title>{escape(HOSTILE)}</title><h1>Title {escape(HOSTILE)}</h1>
<p>Tarn Ventures invested $15 million in Marlow Robotics; {escape(HOSTILE)}</p>
<p>Corvid Labs raised $5 million and $6 million from Tarn Ventures. {escape(HOSTILE)}</p>
"""
