"""The pages themselves, each a script that Streamlit runs anew at every click."""
