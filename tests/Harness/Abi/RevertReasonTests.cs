using Culverin.Harness.Abi;
using Culverin.Harness.Contracts;
using Culverin.Harness.Values;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Xunit;

namespace Culverin.Harness.Tests.Abi;

public sealed class RevertReasonTests
{
    private static readonly Type[] Errors = [typeof(SimpleError), typeof(RichError)];

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
        RevertReason simple = RevertReason.Decode(Hex.Parse(Cast.Run("sig", "Simple()")), Errors);
        Assert.Equal("Simple", simple.Name);
        Assert.Equal("Simple()", simple.Text);
        RevertReason rich = RevertReason.Decode(
            Hex.Parse(Cast.Run(
                "calldata",
                "Rich(address,(uint8,bytes)[])",
                "0x00000000000000000000000000000000000000aa",
                "[(7,0x0102)]")),
            Errors);
        Assert.Equal("Rich(0x00000000000000000000000000000000000000aa, [[7, 0x0102]])", rich.Text);
        Assert.Equal(7, Assert.IsType<RichError>(rich.Error).Parts[0].A);
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
        RevertReason reason = RevertReason.Decode(Hex.Parse(data), Errors);
        Assert.Null(reason.Name);
        Assert.Equal(data, Hex.Format(reason.Data.Span));
        Assert.NotEmpty(reason.Text);
    }

    [Fact]
    public void Control_characters_of_a_message_do_not_reach_the_terminal()
    {
        byte[] data = Hex.Parse(Cast.Run("calldata", "Error(string)", "a\u001b[2Jb\r\n"));
        Assert.Equal("Error", RevertReason.Decode(data).Name);
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
    public void Errors_with_hints_are_those_of_the_contracts()
    {
        HashSet<string> known = [.. KnownErrors.All.Select(type => ErrorAttribute.GetAttribute(type).Name)];
        Assert.All(RevertHints.ErrorNames, name => Assert.Contains(name, known));
    }

    [Fact]
    public void An_error_with_its_arguments_is_known_without_being_listed()
    {
        RevertReason reason = RevertReason.Decode(
            Hex.Parse(Cast.Run("calldata", "NoImplementation(uint32)", "7")));
        Assert.Equal("NoImplementation(7) (the factory has no game of this type)", reason.ToString());
        Assert.IsType<DisputeGameFactory.NoImplementationError>(reason.Error);
    }

    [Fact]
    public void The_reason_inside_a_module_s_failure_is_told()
    {
        string inner = Cast.Run("calldata", "NoImplementation(uint32)", "7");
        RevertReason reason = RevertReason.Decode(
            Hex.Parse(Cast.Run("calldata", "ExecutionFailed(bytes)", inner).Replace(
                Cast.Run("sig", "ExecutionFailed(bytes)"), "0xf00364b1", StringComparison.Ordinal)));
        Assert.Equal("ExecutionFailed", reason.Name);
        Assert.Equal("ExecutionFailed: NoImplementation(7)", reason.Text);
    }

    [Error("Simple")]
    internal sealed record SimpleError : IErrorDTO;

    [Error("Rich")]
    internal sealed record RichError : IErrorDTO
    {
        [Parameter("address", "who", 1)]
        public string Who { get; set; } = "";

        [Parameter("tuple[]", "parts", 2)]
        public List<Part> Parts { get; set; } = [];
    }

    [Struct("Part")]
    internal sealed record Part
    {
        [Parameter("uint8", "a", 1)]
        public byte A { get; set; }

        [Parameter("bytes", "b", 2)]
        public byte[] B { get; set; } = [];
    }
}
