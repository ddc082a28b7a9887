using System;
using System.Collections.Generic;
using System.Linq;
using Culverin.Harness.Chain;
using Xunit;

namespace Culverin.Harness.Tests;

public sealed class RevertReasonTests
{
    private static readonly ContractAbi Abi = ContractArtifact.Read(
        """
        {"abi":[
          {"type":"error","name":"Simple","inputs":[]},
          {"type":"error","name":"Rich","inputs":[
            {"name":"who","type":"address"},
            {"name":"parts","type":"tuple[]","components":[
              {"name":"a","type":"uint8"},{"name":"b","type":"bytes"}]}]}
        ],"bytecode":{"object":"0x00"}}
        """u8,
        "Test").Abi;

    [Fact]
    public void The_built_in_errors_are_decoded()
    {
        RevertReason message = RevertReason.Decode(Hex.Parse(
            Cast.Run("calldata", "Error(string)", "branch in delay slot")));
        Assert.Equal("Error", message.Name);
        Assert.Equal("branch in delay slot", message.Text);
        RevertReason panic = RevertReason.Decode(Hex.Parse(Cast.Run("calldata", "Panic(uint256)", "17")));
        Assert.Equal("Panic", panic.Name);
        Assert.Equal("Panic(0x11): arithmetic overflow or underflow", panic.Text);
        RevertReason odd = RevertReason.Decode(Hex.Parse(Cast.Run("calldata", "Panic(uint256)", "999")));
        Assert.Equal("Panic(0x3e7)", odd.Text);
    }

    [Fact]
    public void Custom_errors_are_decoded_by_name_with_arguments()
    {
        RevertReason simple = RevertReason.Decode(Hex.Parse(Cast.Run("sig", "Simple()")), Abi);
        Assert.Equal("Simple", simple.Name);
        Assert.Equal("Simple()", simple.Text);
        RevertReason rich = RevertReason.Decode(
            Hex.Parse(Cast.Run(
                "calldata",
                "Rich(address,(uint8,bytes)[])",
                "0x00000000000000000000000000000000000000aa",
                "[(7,0x0102)]")),
            Abi);
        Assert.Equal("Rich(0x00000000000000000000000000000000000000aa, [[7, 0x0102]])", rich.Text);
        Assert.Equal(7, rich.Arguments[1].AsList()[0].AsList()[0].AsInteger());
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("0x08c379")]
    [InlineData("0x08c379a0")]
    [InlineData("0x08c379a000000000000000000000000000000000000000000000000000000000000000ff")]
    [InlineData("0x4e487b7100")]
    [InlineData("0x000000000000000000000000000000000000000000000000000000000badf00d")]
    public void Data_that_fits_no_error_has_no_name(string data)
    {
        RevertReason reason = RevertReason.Decode(Hex.Parse(data), Abi);
        Assert.Null(reason.Name);
        Assert.Equal(data, Hex.Format(reason.Data.Span));
        Assert.NotEmpty(reason.Text);
    }

    [Fact]
    public void Control_characters_of_a_message_do_not_reach_the_terminal()
    {
        AbiType type = AbiType.Parse("(string)");
        byte[] data = AbiEncoder.Encode([0x08, 0xc3, 0x79, 0xa0], type, ["a\u001b[2Jb\r\n"]);
        Assert.DoesNotContain(RevertReason.Decode(data).Text, char.IsControl);
    }

    [Theory]
    [InlineData("0x6a6bc3b2", "AnchorRootNotFound")]
    [InlineData("0x9824bdab", "BadExtraData")]
    public void Errors_of_the_rollup_are_known_without_an_ABI(string data, string name)
    {
        RevertReason reason = RevertReason.Decode(Hex.Parse(data));
        Assert.Equal(name, reason.Name);
        Assert.Equal($"{name}() ({reason.Hint})", reason.ToString());
    }

    [Fact]
    public void The_known_errors_are_those_of_the_contracts()
    {
        string[] contracts =
        [
            "FaultDisputeGame", "PermissionedDisputeGame", "PreimageOracle", "OptimismPortal2",
            "OptimismPortal", "DisputeGameFactory", "DeputyGuardianModule", "L1Block",
        ];
        HashSet<string> signatures =
        [
            .. contracts
                .SelectMany(name =>
                    ContractArtifact.Find(Repository.Packages.ContractArtifacts, name).Abi.Errors)
                .Select(error => error.Signature),
        ];

        // These are thrown by assembly, or by newer contracts.
        string[] elsewhere = ["BadExtraData()", "GameNotFinalized()", "GameNotResolved()", "GamePaused()"];
        Assert.All(
            RevertHints.KnownErrors.Where(error =>
                !elsewhere.Contains(error.Signature)
                && !error.Name.StartsWith("OptimismPortal_", StringComparison.Ordinal)),
            error => Assert.Contains(error.Signature, signatures));
        Assert.All(RevertHints.KnownErrors, error => Assert.NotNull(RevertHints.ForError(error.Name)));
    }
}
