module culverin

go 1.21
