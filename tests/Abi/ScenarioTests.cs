using System.Text.Json;
using Culverin.Tests.Shared;
using Xunit;

namespace Culverin.Abi.Tests;

/// <summary>Disputes on the real contracts end in the same way with either engine.</summary>
public sealed class ScenarioTests
{
    private const string Steps = "C7/keccak-odd-proposer";

    private static readonly string[] Compared =
        ["expected", "got", "held", "rulesViolated", "bondsInWei", "bondsOutWei", "bondsHeldWei"];

    [LibraryFact]
    public void AGameToItsLastStepEndsTheSame()
    {
        string native = Play("native");
        Assert.Equal(Play("managed"), native);
        Assert.Contains("true", native, StringComparison.Ordinal);
    }

    private static string Play(string engine)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "culverin-harness");
        string printed = Tool.Run(
            RepositoryFiles.Root,
            program,
            ["scenarios", Steps, "--engine", engine, "--json"],
            ("CULVERIN_LIBRARY", engine == "native" ? Library.FilePath : "")).Expect().Output;
        JsonElement result = JsonDocument.Parse(printed.Split('\n')[0]).RootElement;
        return string.Join(' ', Compared.Select(name => result.GetProperty(name).GetRawText()));
    }
}
