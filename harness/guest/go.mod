module culverin/guest

go 1.19
