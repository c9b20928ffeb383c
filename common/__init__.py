"""Small tools without models. Imports nothing of the project; every storey above may use it."""
