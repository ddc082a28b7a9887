using System.CommandLine;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Reports;
using Culverin.Commit;
using Culverin.Files;
using Culverin.Guest;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Cli.Commands;

/// <summary>`load-elf`: makes a program's first state.</summary>
internal sealed class LoadElfCommand : Verb
{
    private readonly Option<string> _type;
    private readonly Option<string> _path;
    private readonly Option<string> _out;
    private readonly Option<string> _meta;

    public LoadElfCommand()
        : this(
            Flag.RequiredText("--type", "NAME", "state version: " + TypeNames()),
            Flag.RequiredText("--path", "FILE", "big-endian MIPS program with symbols; - is standard input"),
            Flag.Text(
                "--out", "FILE",
                "where the state goes: .bin, .bin.gz, .json (version 0), - is standard output; none if empty",
                "state.bin.gz",
                mayBeEmpty: true),
            Flag.Text(
                "--meta", "FILE", "where the symbols go; - for standard output, none if empty", "meta.json",
                mayBeEmpty: true))
    {
    }

    private LoadElfCommand(Option<string> type, Option<string> path, Option<string> @out, Option<string> meta)
        : base("load-elf", "make the first state of a program", type, path, @out, meta)
    {
        _type = type;
        _path = path;
        _out = @out;
        _meta = meta;
    }

    /// <summary>What --type takes.</summary>
    public static string TypeNames() => string.Join(
        ", ", FeatureSet.All.Select(features => $"{features.Name} ({(byte)features.Version})"))
        + "; by name or number";

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        FeatureSet features = FeatureSet.Of(flags.TextOf(_type));
        string statePath = flags.TextOf(_out);
        string metaPath = flags.TextOf(_meta);
        StateFormats.Require("--out", statePath, features);
        new FilePlan()
            .Reads(_path.Name, flags.TextOf(_path))
            .Writes(_out.Name, statePath)
            .Writes(_meta.Name, metaPath)
            .Prints(JsonFlag.Name, flags.GetValue(JsonFlag))
            .Check();
        ElfFile elf = ElfInput.Read(flags.TextOf(_path));
        using MachineImage image = Loader.Load(elf, features.Version);
        var symbols = new SymbolTable(elf.Symbols);

        // Whatever ends this on the way, there are never symbols without their state.
        MetaFile.Write(metaPath, symbols, () => StateFile.Write(statePath, image));

        if (flags.GetValue(JsonFlag))
        {
            WriteReport(image, elf, statePath, metaPath);
        }

        return ExitCodes.Success;
    }

    private static void WriteReport(
        MachineImage image, ElfFile elf, string statePath, string metaPath) =>
        StandardOutput.WriteJson(
            new LoadElfReport(
                (byte)image.Features.Version,
                image.Features.Name,
                elf.EntryPoint,
                elf.Segments.Count,
                elf.Symbols.Count,
                image.Memory.PageCount,
                Report.Hex(Commitment.Of(image).Hash),
                statePath,
                metaPath),
            isIndented: true);
}
