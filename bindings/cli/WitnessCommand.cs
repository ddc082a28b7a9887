using System.Collections.Generic;
using System.CommandLine;
using System.Text.Json;
using Culverin.Files;

namespace Culverin.Cli;

/// <summary>`witness`: what a state commits to, and its hash.</summary>
internal sealed class WitnessCommand : Verb
{
    private readonly Option<string> _input;
    private readonly Option<string> _output;

    public WitnessCommand()
        : this(
            Flag.RequiredText("--input", "FILE", "state to describe"),
            Flag.Text(
                "--output", "FILE", "where the witness goes as bytes; - is standard output, without JSON"))
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
        using Machine machine = Machine.Create(StateFile.Read(flags.TextOf(_input)), new MachineOptions());
        byte[] witness = machine.Witness();
        string output = flags.TextOf(_output);
        if (output == FileNameFormat.StandardOutput)
        {
            StandardOutput.Open().Write(witness);
            return ExitCodes.Success;
        }

        if (output.Length > 0)
        {
            AtomicFile.Write(output, file => file.Write(witness));
        }

        bool isOurs = flags.GetValue(JsonFlag);
        StandardOutput.WriteJson(json => Write(json, machine, witness, isOurs), isIndented: true);
        return ExitCodes.Success;
    }

    private static void Write(Utf8JsonWriter json, Machine machine, byte[] witness, bool isOurs)
    {
        if (isOurs)
        {
            Reports.WriteHead(json, "witness");
        }

        json.WriteNumber("stateVersion", (byte)machine.Features.Version);
        json.WriteString("witnessHash", Reports.Hex(machine.StateHash()));
        json.WriteString("witness", Reports.Hex(witness));
        json.WriteNumber("step", machine.Step);
        json.WriteBoolean("exited", machine.Exited);
        json.WriteNumber("exitCode", machine.ExitCode);
        if (isOurs)
        {
            json.WriteNumber("programCounter", machine.ProgramCounter);
            json.WriteNumber("pages", machine.PageCount);
        }
    }
}
