namespace Culverin.Inspect.Symbols;

/// <summary>The call frame information of one function (FDE).</summary>
/// <param name="kind">What it shares with others.</param>
/// <param name="start">The function's first address.</param>
/// <param name="program">Its instructions.</param>
internal sealed class FrameEntry(FrameKind kind, ulong start, ReadOnlyMemory<byte> program)
{
    private const int RememberedMax = 256;

    /// <summary>The rules at an address of the function; null where they cannot be told.</summary>
    public FrameRules? RulesAt(ulong address)
    {
        var rules = new FrameRules { ReturnColumn = kind.ReturnColumn };
        ulong at = 0;
        if (!Execute(kind.Program.Span, rules, null, ulong.MaxValue, ref at))
        {
            return null;
        }

        FrameRules initial = rules.Clone();
        at = start;
        return Execute(program.Span, rules, initial, address, ref at) ? rules : null;
    }

    // False for instructions that compute places by expressions.
    private bool Execute(
        ReadOnlySpan<byte> instructions, FrameRules rules, FrameRules? initial, ulong until, ref ulong at)
    {
        var cursor = new DebugCursor(instructions);
        var remembered = new Stack<FrameRules>();
        while (!cursor.IsAtEnd)
        {
            byte opcode = cursor.Byte();
            int low = opcode & 0x3F;
            ulong? advance = (opcode >> 6, opcode) switch
            {
                (1, _) => (ulong)low,
                (0, 0x02) => cursor.Byte(),
                (0, 0x03) => cursor.UInt16(),
                (0, 0x04) => cursor.UInt32(),
                (0, 0x1D) => cursor.UInt64(),
                _ => null,
            };
            if (advance is { } count)
            {
                at = unchecked(at + (count * kind.CodeFactor));
                if (at > until)
                {
                    return true;
                }
            }
            else if (opcode >> 6 == 2)
            {
                rules.Saved.SetAt(low, Scaled(cursor.Unsigned()));
            }
            else if (opcode >> 6 == 3)
            {
                rules.Saved.SetAt(low, initial?.Saved.GetAt(low));
            }
            else if (!ExecuteLong(ref cursor, opcode, rules, initial, remembered))
            {
                return false;
            }
        }

        return true;
    }

    // DWARF 5, section 6.4.2; without those that advance the address.
    private bool ExecuteLong(
        ref DebugCursor cursor,
        byte opcode,
        FrameRules rules,
        FrameRules? initial,
        Stack<FrameRules> remembered)
    {
        switch (opcode)
        {
            case 0x00:
                return true;
            case 0x05:
                rules.Saved.SetAt(cursor.Unsigned(), Scaled(cursor.Unsigned()));
                return true;
            case 0x06:
                ulong restored = cursor.Unsigned();
                rules.Saved.SetAt(restored, initial?.Saved.GetAt(restored));
                return true;
            case 0x07 or 0x08:
                rules.Saved.SetAt(cursor.Unsigned(), null);
                return true;
            case 0x0A when remembered.Count < RememberedMax:
                remembered.Push(rules.Clone());
                return true;
            case 0x0B when remembered.TryPop(out FrameRules? before):
                rules.Take(before);
                return true;
            case 0x0C:
                return SetFrame(rules, cursor.Unsigned(), (long)cursor.Unsigned());
            case 0x0D:
                return SetFrame(rules, cursor.Unsigned(), rules.FrameOffset);
            case 0x0E:
                rules.FrameOffset = (long)cursor.Unsigned();
                return true;
            case 0x11:
                rules.Saved.SetAt(cursor.Unsigned(), unchecked(cursor.Signed() * kind.DataFactor));
                return true;
            case 0x12:
                return SetFrame(rules, cursor.Unsigned(), unchecked(cursor.Signed() * kind.DataFactor));
            case 0x13:
                rules.FrameOffset = unchecked(cursor.Signed() * kind.DataFactor);
                return true;
            case 0x2E:
                _ = cursor.Unsigned();
                return true;
            default:
                return false;
        }
    }

    private static bool SetFrame(FrameRules rules, ulong register, long offset)
    {
        rules.FrameRegister = register < FrameRules.RegisterCount ? (int)register : null;
        rules.FrameOffset = offset;
        return rules.FrameRegister is not null;
    }

    private long Scaled(ulong offset) => unchecked((long)offset * kind.DataFactor);
}

/// <summary>Columns of registers that the machine lacks are passed over.</summary>
internal static class SavedRegisters
{
    public static void SetAt(this long?[] saved, ulong column, long? value)
    {
        if (column < (ulong)saved.Length)
        {
            saved[column] = value;
        }
    }

    public static void SetAt(this long?[] saved, int column, long? value) =>
        SetAt(saved, (ulong)column, value);

    public static long? GetAt(this long?[] saved, ulong column) =>
        column < (ulong)saved.Length ? saved[column] : null;

    public static long? GetAt(this long?[] saved, int column) => GetAt(saved, (ulong)column);
}
