"""What the tests share: the real server, a real mail server, a real browser, and waiting."""
