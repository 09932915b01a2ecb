"""Reading sites with a language model: what is believed of its answers, and what hostile pages and answers can do."""
