# Commands for gdb beside `culverin debug`: they move, then let gdb look at the registers again, which it keeps otherwise.
#   gdb-multiarch -x culverin.gdb guest.elf

define culverin-refresh
  maintenance flush register-cache
  maintenance flush dcache
  frame 0
end
document culverin-refresh
Shows the place again after "monitor" has moved.
end

define culverin-goto
  monitor goto $arg0
  culverin-refresh
end
document culverin-goto
culverin-goto STEP: goes to a step of the trace; "end" is its end.
end

define culverin-step
  monitor step $arg0
  culverin-refresh
end
document culverin-step
culverin-step N: goes N steps forwards, or backwards with a minus sign.
end

define culverin-last-write
  if $argc == 1
    monitor last-write $arg0
  else
    monitor last-write $arg0 $arg1
  end
  culverin-refresh
end
document culverin-last-write
culverin-last-write ADDRESS [BYTES]: goes back to the last write there, also of an equal value.
The address is a number; take it from "print &variable" or "print pointer".
end

define culverin-where
  monitor where
end
document culverin-where
Step, thread, function and line.
end
