using System.CommandLine;
using Culverin.Cli.Files;
using Culverin.Cli.Flags;
using Culverin.Cli.Reports;
using Culverin.Commit;
using Culverin.Files;
using Culverin.Files.Streams;
using Culverin.State;

namespace Culverin.Cli.Commands;

/// <summary>`witness`: what a state commits to, and its hash.</summary>
internal sealed class WitnessCommand : Verb
{
    private readonly Option<string> _input;
    private readonly Option<string> _output;

    public WitnessCommand()
        : this(
            Flag.RequiredText("--input", "FILE", "state to describe"),
            Flag.Text(
                "--output", "FILE",
                "where the witness goes as bytes; - is standard output, without JSON; none if empty",
                mayBeEmpty: true))
    {
    }

    private WitnessCommand(Option<string> input, Option<string> output)
        : base("witness", "print a state's witness and hash as JSON", input, output)
    {
        _input = input;
        _output = output;
    }

    /// <inheritdoc/>
    public override int Run(ParseResult flags, IReadOnlyList<string> serverCommand)
    {
        string output = flags.TextOf(_output);
        new FilePlan()
            .Reads(_input.Name, flags.TextOf(_input))
            .Writes(_output.Name, output)
            .Prints(JsonFlag.Name, flags.GetValue(JsonFlag))
            .Prints("the JSON report", output != FileNameFormat.StandardOutput && !flags.GetValue(JsonFlag))
            .Check();
        using MachineImage image = StateFile.Read(flags.TextOf(_input));
        var commitment = Commitment.Of(image);
        if (output == FileNameFormat.StandardOutput)
        {
            StandardOutput.Open().Write(commitment.Witness);
            return ExitCodes.Success;
        }

        if (output.Length > 0)
        {
            AtomicFile.Write(output, file => file.Write(commitment.Witness));
        }

        byte version = (byte)image.Features.Version;
        string hash = Report.Hex(commitment.Hash);
        string witness = Report.Hex(commitment.Witness);
        if (flags.GetValue(JsonFlag))
        {
            StandardOutput.WriteJson(
                new WitnessReport(
                    version, hash, witness, image.Step, image.Exited, image.ExitCode, image.ProgramCounter,
                    image.Memory.PageCount),
                isIndented: true);
        }
        else
        {
            StandardOutput.WriteJson(
                new ReferenceWitness(version, hash, witness, image.Step, image.Exited, image.ExitCode),
                isIndented: true);
        }

        return ExitCodes.Success;
    }
}
