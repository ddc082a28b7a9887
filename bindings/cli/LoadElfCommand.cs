using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Culverin.Files;
using Culverin.Guest;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Cli;

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
            Flag.RequiredText("--path", "FILE", "big-endian MIPS program with a symbol table"),
            Flag.Text(
                "--out", "FILE",
                "where the state goes: .bin, .bin.gz, .json (version 0), - is standard output; none if empty",
                "state.bin.gz"),
            Flag.Text(
                "--meta", "FILE", "where the symbols go; - for standard output, none if empty", "meta.json"))
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

    /// <summary>The names that --type takes.</summary>
    public static string TypeNames() => string.Join(", ", FeatureSet.All.Select(features => features.Name));

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        FeatureSet features = FeatureSet.Of(flags.TextOf(_type));
        string statePath = flags.TextOf(_out);
        string metaPath = flags.TextOf(_meta);
        StateFormats.Require("--out", statePath, features);
        ElfFile elf = ElfFile.Read(flags.TextOf(_path));
        using MachineImage image = Loader.Load(elf, features.Version);
        var symbols = new SymbolTable(elf.Symbols);
        if (metaPath.Length > 0)
        {
            MetaFile.Write(metaPath, symbols);
        }

        if (statePath.Length > 0)
        {
            StateFile.Write(statePath, image);
        }

        if (flags.GetValue(JsonFlag))
        {
            WriteReport(image, elf, statePath, metaPath);
        }

        return ExitCodes.Success;
    }

    private static void WriteReport(MachineImage image, ElfFile elf, string statePath, string metaPath)
    {
        using Machine machine = Machine.Create(image, new MachineOptions());
        StandardOutput.WriteJson(
            json =>
            {
                Reports.WriteHead(json, "loadElf");
                json.WriteNumber("stateVersion", (byte)image.Features.Version);
                json.WriteString("type", image.Features.Name);
                json.WriteNumber("entryPoint", elf.EntryPoint);
                json.WriteNumber("segments", elf.Segments.Count);
                json.WriteNumber("symbols", elf.Symbols.Count);
                json.WriteNumber("pages", machine.PageCount);
                json.WriteString("witnessHash", Reports.Hex(machine.StateHash()));
                json.WriteString("out", statePath);
                json.WriteString("meta", metaPath);
            },
            isIndented: true);
    }
}
