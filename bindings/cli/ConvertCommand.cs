using System.Collections.Generic;
using System.CommandLine;
using Culverin.Files;
using Culverin.State;
using Culverin.Versions;

namespace Culverin.Cli;

/// <summary>`convert`: carries a program's first state to a newer version.</summary>
internal sealed class ConvertCommand : Verb
{
    private readonly Option<string> _input;
    private readonly Option<string> _to;
    private readonly Option<string> _output;

    public ConvertCommand()
        : this(
            Flag.RequiredText("--input", "FILE", "first state of a program"),
            Flag.RequiredText("--to", "VERSION", "state version, by number or name, with the same word size"),
            Flag.RequiredText("--output", "FILE", "where the new state goes; - is standard output"))
    {
    }

    private ConvertCommand(Option<string> input, Option<string> to, Option<string> output)
        : base("convert", "carry a program's first state to a newer version", input, to, output)
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
        FeatureSet to = byte.TryParse(name, out byte number)
            ? FeatureSet.Of((StateVersion)number)
            : FeatureSet.Of(name);
        StateFormats.Require("--output", output, to);
        using MachineImage from = StateFile.Read(flags.TextOf(_input));
        MachineImage image = StateConverter.Convert(from, to.Version);
        using Machine machine = Machine.Create(image, new MachineOptions());
        StateFile.Write(output, image);
        if (flags.GetValue(JsonFlag))
        {
            StandardOutput.WriteJson(
                json =>
                {
                    Reports.WriteHead(json, "convert");
                    json.WriteNumber("fromVersion", (byte)from.Features.Version);
                    json.WriteNumber("stateVersion", (byte)to.Version);
                    json.WriteString("type", to.Name);
                    json.WriteString("witnessHash", Reports.Hex(machine.StateHash()));
                    json.WriteString("output", output);
                },
                isIndented: true);
        }

        return ExitCodes.Success;
    }
}
