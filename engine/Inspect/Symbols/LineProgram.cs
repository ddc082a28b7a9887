namespace Culverin.Inspect.Symbols;

/// <summary>Executes the line number programs of .debug_line (DWARF 5, section 6.2).</summary>
internal sealed class LineProgram(DebugSections sections, DebugData data)
{
    /// <summary>Most rows of all units together; a large program has some million.</summary>
    public const int RowsMax = 1 << 24;

    private const int FilesMax = 1 << 16;
    private const int PathContent = 1;
    private const int FolderContent = 2;
    private const byte FirstWideVersion = 5;

    private int _rowsMade;

    /// <summary>The lines at an offset.</summary>
    /// <param name="offset">Where the unit's table begins.</param>
    /// <param name="unit">The unit.</param>
    /// <exception cref="CulverinException"><see cref="ErrorCode.InvalidElf"/>.</exception>
    public LineTable Read(ulong offset, DebugUnit unit)
    {
        byte[] section = sections.Of(".debug_line");
        var cursor = new DebugCursor(section);
        cursor.Seek(offset);
        (int length, bool isWide) = cursor.UnitLength();
        int end = cursor.Position + length;
        int version = cursor.UInt16();
        if (version is < 2 or > FirstWideVersion)
        {
            throw DebugCursor.Invalid($"it has lines of DWARF {version}; only 2 to 5 can be read");
        }

        UnitFormat format = new(version, isWide, unit.Format.AddressSizeBytes);
        if (version == FirstWideVersion)
        {
            format = format with { AddressSizeBytes = cursor.Byte() };
            cursor.Skip(1);
        }

        ulong headerLength = cursor.Offset(isWide);
        ulong program = (ulong)cursor.Position + headerLength;
        LineState state = ReadParameters(ref cursor, version);
        string[] files = version == FirstWideVersion
            ? NewFiles(ref cursor, unit, format, section)
            : OldFiles(ref cursor, unit);
        cursor.Seek(Math.Min(program, (ulong)end));
        List<LineRow> rows = [];
        while (cursor.Position < end)
        {
            state.Execute(ref cursor, rows);
            if (rows.Count + _rowsMade > RowsMax)
            {
                throw DebugCursor.Invalid($"it has more than {RowsMax} lines");
            }
        }

        _rowsMade += rows.Count;
        return new LineTable(files, rows);
    }

    private static LineState ReadParameters(ref DebugCursor cursor, int version)
    {
        byte instructionSize = cursor.Byte();
        if (version >= 4)
        {
            // Operations an instruction; more than one only on machines with long instruction words.
            cursor.Skip(1);
        }

        bool isStatement = cursor.Byte() != 0;
        sbyte lineBase = (sbyte)cursor.Byte();
        byte lineRange = cursor.Byte();
        byte opcodeBase = cursor.Byte();
        if (lineRange == 0 || opcodeBase == 0)
        {
            throw DebugCursor.Invalid("its lines have a range or a first opcode of 0");
        }

        byte[] operands = cursor.Bytes((ulong)opcodeBase - 1).ToArray();
        return new LineState(instructionSize, isStatement, lineBase, lineRange, opcodeBase, operands);
    }

    // Files count from 1, folders too; folder 0 is the unit's.
    private static string[] OldFiles(ref DebugCursor cursor, DebugUnit unit)
    {
        List<string> folders = [unit.Folder];
        while (cursor.Text() is { Length: > 0 } folder)
        {
            Add(folders, folder);
        }

        List<string> files = [""];
        while (cursor.Text() is { Length: > 0 } name)
        {
            ulong folder = cursor.Unsigned();
            _ = cursor.Unsigned();
            _ = cursor.Unsigned();
            Add(files, Join(folders, folder, name));
        }

        return [.. files];
    }

    // Files and folders count from 0, and a table in front of them says of what they consist.
    private string[] NewFiles(ref DebugCursor cursor, DebugUnit unit, UnitFormat format, byte[] section)
    {
        List<string> folders = [];
        ReadTable(ref cursor, unit, format, section, (name, _) => Add(folders, name));
        List<string> files = [];
        ReadTable(
            ref cursor, unit, format, section, (name, folder) => Add(files, Join(folders, folder, name)));
        return [.. files];
    }

    private void ReadTable(
        ref DebugCursor cursor,
        DebugUnit unit,
        UnitFormat format,
        byte[] section,
        Action<string, ulong> take)
    {
        var contents = new (ulong Content, uint Form)[cursor.Byte()];
        for (int index = 0; index < contents.Length; index++)
        {
            contents[index] = (cursor.Unsigned(), (uint)cursor.Unsigned());
        }

        ulong count = cursor.Unsigned();
        if (count > FilesMax)
        {
            throw DebugCursor.Invalid($"a unit has {count} files; {FilesMax} are allowed");
        }

        for (ulong number = 0; number < count; number++)
        {
            string name = "";
            ulong folder = 0;
            foreach ((ulong content, uint form) in contents)
            {
                DebugValue value = DebugForm.Read(ref cursor, form, format);
                if (content == PathContent)
                {
                    name = data.TextOf(unit, value, section);
                }
                else if (content == FolderContent)
                {
                    folder = value.Number;
                }
            }

            take(name, folder);
        }
    }

    private static void Add(List<string> names, string name)
    {
        if (names.Count > FilesMax)
        {
            throw DebugCursor.Invalid($"a unit has more than {FilesMax} files or folders");
        }

        names.Add(name);
    }

    private static string Join(List<string> folders, ulong folder, string name)
    {
        string path = folder < (ulong)folders.Count ? Join(folders[(int)folder], name) : name;
        return folder == 0 || folders.Count == 0 ? path : Join(folders[0], path);
    }

    private static string Join(string folder, string name) =>
        folder is "" or "." || name.StartsWith('/') ? name : $"{folder}/{name}";
}
