"""The smallest page of Streamlit's: what every Streamlit site costs at least."""

import streamlit as st

st.write("Hello")
