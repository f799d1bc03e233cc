"""The browser application: what every page has, and the list of pages."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.web import state

HERE = Path(__file__).resolve().parent

st.set_page_config(
    page_title="AI industry graph",
    page_icon=str(HERE / "static" / "icon.svg"),
    layout="wide",
    menu_items={"Get help": None, "Report a bug": None, "About": None},
)
st.html(f"<style>{(HERE / 'static' / 'style.css').read_text(encoding='utf-8')}</style>")
PAGES = HERE / "views"  # a folder called pages has a meaning of its own to Streamlit: its scripts run without this one
page = st.navigation(
    [
        st.Page(PAGES / "ask.py", title="Ask", default=True),
        st.Page(PAGES / "network.py", title="Deal network", url_path="network"),
        st.Page(PAGES / "money.py", title="Money", url_path="money"),
        st.Page(PAGES / "judge.py", title="Review", url_path="review"),
        st.Page(PAGES / "imports.py", title="Import", url_path="imports"),
        st.Page(PAGES / "deal.py", title="A deal", url_path="deal", visibility="hidden"),
    ],
    position="top",
)
state.restore(page.url_path)
state.keep(page.url_path)
page.run()
