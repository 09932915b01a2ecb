"""Pinterest API v5 as we use it: connect an account, list its boards and their pins, fetch a pin's picture.

`oauth`, `loopback` and `token_box` give and keep tokens, `accounts` is the table of connected accounts, `requests` one
request with all that may go wrong, `limits` the rate limits, `records` the shapes, `account_api` the listings,
`pictures` the files. What is done with boards and pins is `taste_assets`.
"""
