namespace Culverin.Inspect.Symbols;

/// <summary>What entries of one kind consist of.</summary>
/// <param name="Tag">DW_TAG value.</param>
/// <param name="HasChildren">Whether entries below it follow.</param>
/// <param name="Attributes">Its attributes in order.</param>
internal sealed record Abbreviation(
    ulong Tag, bool HasChildren, (ulong Name, uint Form, long ImplicitValue)[] Attributes);

/// <summary>The tables of .debug_abbrev, each read once.</summary>
internal sealed class Abbreviations(byte[] section)
{
    /// <summary>Most abbreviations of all tables together; a large program has some ten thousand.</summary>
    public const int CountMax = 1 << 20;

    private const int AttributesMax = 1 << 10;

    private readonly Dictionary<ulong, Dictionary<ulong, Abbreviation>> _tables = [];
    private int _count;

    /// <summary>The table at an offset, by code.</summary>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidElf"/>.</exception>
    public Dictionary<ulong, Abbreviation> At(ulong offset)
    {
        if (!_tables.TryGetValue(offset, out Dictionary<ulong, Abbreviation>? table))
        {
            table = Read(offset);
            _tables.Add(offset, table);
        }

        return table;
    }

    private Dictionary<ulong, Abbreviation> Read(ulong offset)
    {
        var table = new Dictionary<ulong, Abbreviation>();
        var cursor = new DebugCursor(section);
        cursor.Seek(offset);
        while (!cursor.IsAtEnd && cursor.Unsigned() is var code && code != 0)
        {
            if (++_count > CountMax)
            {
                throw DebugCursor.Invalid($"it has more than {CountMax} abbreviations");
            }

            ulong tag = cursor.Unsigned();
            bool hasChildren = cursor.Byte() != 0;
            table[code] = new Abbreviation(tag, hasChildren, ReadAttributes(ref cursor));
        }

        return table;
    }

    private static (ulong Name, uint Form, long ImplicitValue)[] ReadAttributes(ref DebugCursor cursor)
    {
        List<(ulong, uint, long)> attributes = [];
        while (true)
        {
            ulong name = cursor.Unsigned();
            uint form = (uint)cursor.Unsigned();
            if (name == 0 && form == 0)
            {
                return [.. attributes];
            }

            if (attributes.Count == AttributesMax)
            {
                throw DebugCursor.Invalid($"an abbreviation has more than {AttributesMax} attributes");
            }

            attributes.Add((name, form, form == DebugForm.ImplicitConstant ? cursor.Signed() : 0));
        }
    }
}
