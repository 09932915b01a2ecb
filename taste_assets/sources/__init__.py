"""Where taste comes from: one small protocol, and what implements it for Pinterest and for folders of pictures."""
