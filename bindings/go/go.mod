module culverin

go 1.19
