using System.CommandLine;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Reports;
using Culverin.Files;
using Culverin.Guest;
using Culverin.Inspect;
using Culverin.Run;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Cli.Commands;

/// <summary>
/// `disassemble`: a program's or a state's code in assembly language, with symbols, system calls and what the
/// version lacks.
/// </summary>
internal sealed class DisassembleCommand : Verb
{
    private const int StandardCount = 32;
    private const int InstructionBytes = 4;

    /// <summary>Most instructions that --count takes; whole programs are listed without it.</summary>
    private const int CountMax = 1 << 20;

    private readonly Option<string> _path;
    private readonly Option<string> _input;
    private readonly Option<string> _meta;
    private readonly Option<string> _type;
    private readonly Option<string> _function;
    private readonly Option<string> _from;
    private readonly Option<string> _count;

    public DisassembleCommand()
        : this(
            Flag.Text("--path", "FILE", "big-endian MIPS program, - is standard input; either it or --input"),
            Flag.Text("--input", "FILE", "state, of any format"),
            Flag.Text(
                "--meta", "FILE", "symbols of the state, written by load-elf; none if empty",
                mayBeEmpty: true),
            Flag.Text(
                "--type", "NAME", $"state version: {LoadElfCommand.TypeNames()}; if not given, the "
                    + "state's, or the newest of the program's word size"),
            Flag.Text("--function", "NAME", "only this function"),
            Flag.Text(
                "--from",
                "ADDRESS",
                "first address; if not given, a state's program counter, or all of a program"),
            Flag.Text("--count", "N", $"how many instructions from there ({StandardCount} if not given)"))
    {
    }

    private DisassembleCommand(
        Option<string> path,
        Option<string> input,
        Option<string> meta,
        Option<string> type,
        Option<string> function,
        Option<string> from,
        Option<string> count)
        : base(
            "disassemble",
            "print code in assembly language, and what of it the state version lacks",
            path,
            input,
            meta,
            type,
            function,
            from,
            count)
    {
        _path = path;
        _input = input;
        _meta = meta;
        _type = type;
        _function = function;
        _from = from;
        _count = count;
    }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        string path = flags.TextOf(_path);
        string input = flags.TextOf(_input);
        if ((path.Length > 0) == (input.Length > 0))
        {
            throw Invalid("disassemble takes either a program with --path or a state with --input.");
        }

        if (flags.TextOf(_function).Length > 0 && flags.TextOf(_from).Length > 0)
        {
            throw Invalid("Only one of --function and --from can be given.");
        }

        new FilePlan()
            .Reads(_path.Name, path)
            .Reads(_input.Name, input)
            .Reads(_meta.Name, flags.TextOf(_meta))
            .Check();
        if (path.Length > 0)
        {
            OfProgram(flags, ElfInput.Read(path));
        }
        else
        {
            using MachineImage image = StateFile.Read(input);
            OfState(flags, image);
        }

        return ExitCodes.Success;
    }

    private static CulverinException Invalid(string message) => new(ErrorCode.InvalidArgument, message);

    private void OfProgram(ParseResult flags, ElfFile elf)
    {
        if (flags.TextOf(_meta).Length > 0)
        {
            throw Invalid("--meta belongs to a state; a program has its own symbols.");
        }

        string type = flags.TextOf(_type);
        FeatureSet features = type.Length > 0
            ? FeatureSet.Of(type)
            : FeatureSet.All.Last(candidate => candidate.WordBits == (elf.Is64 ? 64 : 32));
        IEnumerable<ListedFunction> functions = CodeListing.OfProgram(elf, features);
        string name = flags.TextOf(_function);
        if (name.Length > 0)
        {
            ListedFunction[] named = [.. functions.Where(function => function.Name == name)];
            if (named.Length == 0)
            {
                throw Invalid($"The program has no function \"{name}\".");
            }

            functions = named;
        }

        if (flags.TextOf(_from).Length > 0)
        {
            functions = Part(functions, AddressOf(flags), CountOf(flags, StandardCount));
        }
        else if (flags.TextOf(_count).Length > 0)
        {
            functions = Part(functions, 0, CountOf(flags, 0));
        }

        Write(flags, features, functions, null);
    }

    private void OfState(ParseResult flags, MachineImage image)
    {
        if (flags.TextOf(_type) is { Length: > 0 } type && FeatureSet.Of(type) != image.Features)
        {
            throw Invalid(
                $"The state is of version {image.Features.Name}, not {FeatureSet.Of(type).Name}; "
                    + "see convert.");
        }

        SymbolTable symbols =
            flags.TextOf(_meta) is { Length: > 0 } meta ? MetaFile.Read(meta) : SymbolTable.Empty;
        using Machine machine = Machine.Create(image, new MachineOptions { Engine = EngineKind.Interpreter });
        ulong start = machine.ProgramCounter;
        int count = StandardCount;
        if (flags.TextOf(_function) is { Length: > 0 } name)
        {
            ElfSymbol symbol = symbols.Find(name)
                ?? throw Invalid($"The symbols of --meta have no function \"{name}\".");
            start = symbol.Start;
            count = (int)Math.Min(symbol.SizeBytes / InstructionBytes, CountMax);
        }
        else if (flags.TextOf(_from).Length > 0)
        {
            start = AddressOf(flags);
        }

        start -= start % InstructionBytes;
        Write(
            flags,
            image.Features,
            CodeListing.OfState(image, symbols, start, CountOf(flags, count)),
            machine.ProgramCounter);
    }

    private static IEnumerable<ListedFunction> Part(
        IEnumerable<ListedFunction> functions, ulong from, int count)
    {
        int left = count;
        foreach (ListedFunction function in functions)
        {
            ListedInstruction[] part =
            [
                .. function.Instructions.Where(listed => listed.Instruction.Address >= from).Take(left),
            ];
            left -= part.Length;
            if (part.Length > 0)
            {
                yield return function with { Start = part[0].Instruction.Address, Instructions = part };
            }

            if (left == 0)
            {
                yield break;
            }
        }
    }

    private ulong AddressOf(ParseResult flags)
    {
        ulong address = flags.NumberOf(_from, ulong.MaxValue);
        return address % InstructionBytes == 0
            ? address
            : throw Invalid($"--from takes a multiple of {InstructionBytes}.");
    }

    private int CountOf(ParseResult flags, int standard) =>
        flags.TextOf(_count).Length > 0 ? (int)flags.NumberOf(_count, CountMax) : standard;

    private void Write(
        ParseResult flags,
        FeatureSet features,
        IEnumerable<ListedFunction> functions,
        ulong? programCounter)
    {
        if (flags.GetValue(JsonFlag))
        {
            StandardOutput.WriteJson(DisassembleReport.Of(features, functions), isIndented: true);
            return;
        }

        foreach (ListedFunction function in functions)
        {
            StandardOutput.WriteText(DisassemblyText.Describe(function, features, programCounter));
        }
    }
}
