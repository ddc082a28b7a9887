namespace Culverin.Inspect.Symbols;

/// <summary>
/// The registers of the machine that executes line number programs (DWARF 5, section 6.2.2).
/// </summary>
/// <param name="instructionSizeBytes">What addresses advance by.</param>
/// <param name="startsAsStatement">Whether rows begin statements at first.</param>
/// <param name="lineBase">Smallest change of the line by a special opcode.</param>
/// <param name="lineRange">How many changes there are.</param>
/// <param name="opcodeBase">The first special opcode.</param>
/// <param name="operands">How many operands each opcode below it has, from opcode 1 on.</param>
internal sealed class LineState(
    byte instructionSizeBytes,
    bool startsAsStatement,
    sbyte lineBase,
    byte lineRange,
    byte opcodeBase,
    byte[] operands)
{
    private const int LargestOpcode = 255;
    private const byte EndSequence = 1;
    private const byte SetAddress = 2;

    private ulong _address;
    private ulong _file = 1;
    private long _line = 1;
    private bool _isToggled;

    /// <summary>Executes the opcode at the cursor.</summary>
    public void Execute(ref DebugCursor cursor, List<LineRow> rows)
    {
        byte opcode = cursor.Byte();
        if (opcode >= opcodeBase)
        {
            int adjusted = opcode - opcodeBase;
            Advance((ulong)(adjusted / lineRange));
            _line += lineBase + (adjusted % lineRange);
            Append(rows);
            return;
        }

        switch (opcode)
        {
            case 0:
                Extended(ref cursor, rows);
                break;
            case 1:
                Append(rows);
                break;
            case 2:
                Advance(cursor.Unsigned());
                break;
            case 3:
                _line += cursor.Signed();
                break;
            case 4:
                _file = cursor.Unsigned();
                break;
            case 6:
                _isToggled = !_isToggled;
                break;
            case 8:
                Advance((ulong)((LargestOpcode - opcodeBase) / lineRange));
                break;
            case 9:
                _address = unchecked(_address + cursor.UInt16());
                break;
            default:
                // Columns, blocks, prologues and what later documents may add.
                for (int left = operands[opcode - 1]; left > 0; left--)
                {
                    _ = cursor.Unsigned();
                }

                break;
        }
    }

    private void Extended(ref DebugCursor cursor, List<LineRow> rows)
    {
        ulong length = cursor.Unsigned();
        if (length == 0)
        {
            throw DebugCursor.Invalid("its lines have an empty opcode");
        }

        byte opcode = cursor.Byte();
        if (opcode == EndSequence)
        {
            rows.Add(new LineRow(_address, 0, 0, IsStatement: false, IsEnd: true));
            (_address, _file, _line, _isToggled) = (0, 1, 1, false);
            cursor.Skip(length - 1);
        }
        else if (opcode == SetAddress && length - 1 is sizeof(uint) or sizeof(ulong))
        {
            _address = cursor.Number((int)length - 1);
        }
        else
        {
            cursor.Skip(length - 1);
        }
    }

    private void Advance(ulong instructions) =>
        _address = unchecked(_address + (instructions * instructionSizeBytes));

    private void Append(List<LineRow> rows)
    {
        int line = _line is > 0 and <= int.MaxValue ? (int)_line : 0;
        rows.Add(new LineRow(_address, _file, line, startsAsStatement != _isToggled, IsEnd: false));
    }
}
