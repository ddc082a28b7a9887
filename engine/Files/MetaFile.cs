using System.Text.Json;
using Culverin.Files.Streams;
using Culverin.Guest;

namespace Culverin.Files;

/// <summary>
/// The meta file that load-elf writes beside a state: the program's symbols by ascending address, in the
/// layout of the reference.
/// </summary>
/// <remarks>
/// Symbols with equal addresses keep the order of the ELF file here; the reference's sort leaves their order
/// open. Lookups by address may so name another symbol of the same address.
/// </remarks>
internal static class MetaFile
{
    /// <summary>Most symbols accepted; a large Go program has some 40,000.</summary>
    public const int SymbolCountMax = 1 << 20;

    /// <summary>Longest name accepted, in bytes; Go's generic types make names of some thousand.</summary>
    public const int NameMaxBytes = 1 << 16;

    /// <summary>Most bytes that all names together may have.</summary>
    public const int NamesMaxBytes = 32 << 20;

    private static readonly string[] SymbolFields = ["name", "start", "size"];

    /// <summary>Reads symbols.</summary>
    /// <param name="path">The file; "-" is standard input.</param>
    /// <exception cref="CulverinException">
    /// <see cref="ErrorCode.InvalidArgument"/> for bad content or an empty name,
    /// <see cref="ErrorCode.FileAccess"/>.
    /// </exception>
    public static SymbolTable Read(string path) =>
        InputFile.Read(path, "meta", ErrorCode.InvalidArgument, Read);

    /// <summary>Writes symbols.</summary>
    /// <param name="path">The file, replaced whole or not at all; "" is none, "-" standard output.</param>
    /// <param name="symbols">The symbols.</param>
    /// <param name="beforeNamed">
    /// Writes what the symbols belong to, before their file is there; when it fails, so does this.
    /// </param>
    /// <exception cref="CulverinException"><see cref="ErrorCode.FileAccess"/>.</exception>
    public static void Write(string path, SymbolTable symbols, Action? beforeNamed = null) =>
        OutputFile.Write(path, output => Write(output, symbols), beforeNamed);

    private static void Write(Stream output, SymbolTable symbols)
    {
        var json = new GoJsonWriter(output);
        json.BeginObject();
        json.Name("symbols"u8);
        json.BeginArray();
        foreach (ElfSymbol symbol in symbols.Symbols)
        {
            json.BeginObject();
            json.Name("name"u8);
            json.Text(symbol.Name);
            json.Name("start"u8);
            json.Number(symbol.Start);
            json.Name("size"u8);
            json.Number(symbol.SizeBytes);
            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
        json.EndFile();
    }

    private static SymbolTable Read(Stream input)
    {
        using var tokens = new JsonTokens(input, NameMaxBytes);
        List<ElfSymbol> symbols = [];
        tokens.Next();
        JsonFields.Read(tokens, "content", ["symbols"], [], _ => ReadSymbols(tokens, symbols));
        tokens.RequireEnd();
        return new SymbolTable(symbols);
    }

    private static void ReadSymbols(JsonTokens tokens, List<ElfSymbol> symbols)
    {
        long namesBytes = 0;
        string name = "";
        ulong start = 0;
        ulong size = 0;
        tokens.Require(JsonTokenType.StartArray, "symbols");
        for (tokens.Next(); tokens.Type != JsonTokenType.EndArray; tokens.Next())
        {
            JsonFields.Read(tokens, "symbol", SymbolFields, [], field =>
            {
                switch (field)
                {
                    case "name":
                        name = tokens.Text(field);
                        break;
                    case "start":
                        start = tokens.Number(ulong.MaxValue, field);
                        break;
                    default:
                        size = tokens.Number(ulong.MaxValue, field);
                        break;
                }
            });
            namesBytes += name.Length;
            if (symbols.Count == SymbolCountMax || namesBytes > NamesMaxBytes)
            {
                throw new MalformedException(
                    $"it has more than {SymbolCountMax} symbols or {NamesMaxBytes} bytes of names");
            }

            symbols.Add(new ElfSymbol(name, start, size));
        }
    }
}
