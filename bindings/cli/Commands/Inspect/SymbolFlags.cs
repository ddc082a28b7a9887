using System.CommandLine;
using Culverin.Cli.Flags;
using Culverin.Cli.Reports;
using Culverin.Files;
using Culverin.Guest;
using Culverin.Inspect;
using Culverin.Inspect.Symbols;
using Culverin.State;

namespace Culverin.Cli.Commands.Inspect;

/// <summary>The flags that say where symbols come from.</summary>
internal sealed class SymbolFlags
{
    /// <summary>What follows the prestate's hash in the names of programs in a folder.</summary>
    public const string FileEnding = ".elf";

    /// <summary>The program, or the folder of programs.</summary>
    public Option<string> Symbols { get; } = Flag.Text(
        "--symbols", "ELF",
        "the program, whose symbols and debug data are used; or a folder where it is named PRESTATE-HASH"
            + FileEnding);

    /// <summary>Symbols alone.</summary>
    public Option<string> Meta { get; } = Flag.Text(
        "--meta", "FILE", "symbols written by load-elf, instead of --symbols; none if empty",
        mayBeEmpty: true);

    /// <summary>All of them, in the order of the help.</summary>
    public Option[] All => [Symbols, Meta];

    /// <summary>Adds the files that are read.</summary>
    public void AddTo(FilePlan plan, ParseResult flags)
    {
        string symbols = flags.TextOf(Symbols);
        if (symbols.Length > 0 && flags.TextOf(Meta).Length > 0)
        {
            throw new CulverinException(
                ErrorCode.InvalidArgument, $"Only one of {Symbols.Name} and {Meta.Name} can be given.");
        }

        _ = plan.Reads(Meta.Name, flags.TextOf(Meta));
        _ = Directory.Exists(symbols)
            ? plan.ReadsFolder(Symbols.Name, symbols)
            : plan.Reads(Symbols.Name, symbols);
    }

    /// <summary>Reads them and checks that they are of a state's program.</summary>
    /// <param name="flags">What was given.</param>
    /// <param name="image">A state of the program.</param>
    /// <param name="prestateHash">
    /// The hash of its first state, for a folder; null where nobody knows it.
    /// </param>
    /// <exception cref="CulverinException">They cannot be used.</exception>
    public ProgramSymbols Read(ParseResult flags, MachineImage image, byte[]? prestateHash)
    {
        if (flags.TextOf(Meta) is { Length: > 0 } meta)
        {
            return ProgramSymbols.Of(MetaFile.Read(meta));
        }

        string path = flags.TextOf(Symbols);
        if (path.Length == 0)
        {
            return ProgramSymbols.Empty;
        }

        if (Directory.Exists(path))
        {
            if (prestateHash is null)
            {
                throw new CulverinException(
                    ErrorCode.InvalidArgument,
                    $"{Symbols.Name} with a folder needs the first state of the run; this state is at step "
                        + $"{image.Step}. Name the program itself.");
            }

            path = Path.Combine(path, Report.Hex(prestateHash) + FileEnding);
        }

        return ProgramMatch.SymbolsFor(ElfFile.Read(path), image);
    }
}
