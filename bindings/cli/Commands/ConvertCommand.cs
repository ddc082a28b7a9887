using System.CommandLine;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Reports;
using Culverin.Commit;
using Culverin.Files;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Cli.Commands;

/// <summary>
/// `convert`: carries a program's first state to a newer version, or any state to another file format.
/// </summary>
internal sealed class ConvertCommand : Verb
{
    private readonly Option<string> _input;
    private readonly Option<string> _to;
    private readonly Option<string> _output;

    public ConvertCommand()
        : this(
            Flag.RequiredText("--input", "FILE", "state; with --to the first one of a program"),
            Flag.Text(
                "--to", "VERSION",
                "state version, by number or name, with the same word size; the input's if not given"),
            Flag.RequiredText(
                "--output", "FILE",
                "where the state goes; its name says the format, - is standard output"))
    {
    }

    private ConvertCommand(Option<string> input, Option<string> to, Option<string> output)
        : base("convert", "carry a state to a newer version or another file format", input, to, output)
    {
        _input = input;
        _to = to;
        _output = output;
    }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        string name = flags.TextOf(_to);
        string output = flags.TextOf(_output);
        new FilePlan()
            .Reads(_input.Name, flags.TextOf(_input))
            .Writes(_output.Name, output)
            .Prints(JsonFlag.Name, flags.GetValue(JsonFlag))
            .Check();
        using MachineImage from = StateFile.Read(flags.TextOf(_input));
        FeatureSet to = name.Length == 0 ? from.Features : FeatureSet.Of(name);
        StateFormats.Require("--output", output, to);
        using MachineImage image =
            to.Version == from.Features.Version ? from : StateConverter.Convert(from, to.Version);
        StateFile.Write(output, image);
        if (flags.GetValue(JsonFlag))
        {
            StandardOutput.WriteJson(
                new ConvertReport(
                    (byte)from.Features.Version,
                    (byte)to.Version,
                    to.Name,
                    Report.Hex(Commitment.Of(image).Hash),
                    output),
                isIndented: true);
        }

        return ExitCodes.Success;
    }
}
