using System.Reflection;
using Culverin.Harness.ContractGenerator;
using Culverin.Harness.Contracts;
using Nethereum.ABI.FunctionEncoding.Attributes;
using Nethereum.ABI.Model;
using Nethereum.Contracts;
using Xunit;

namespace Culverin.Harness.Tests.Contracts;

/// <summary>The generated contracts are what the generator writes, and Nethereum can use them.</summary>
public sealed class GeneratedContractTests
{
    private static readonly string Harness = Path.Combine(Repository.Folder, "harness");

    [Fact]
    public void CommittedFilesAreFresh()
    {
        IReadOnlyDictionary<string, string> due =
            ContractSources.Generate(Path.Combine(Harness, "contracts"));
        string[] committed =
            [.. Directory.GetFiles(Path.Combine(Harness, "Contracts"), "*.g.cs").Select(Path.GetFileName)!];
        Assert.Equal(due.Keys.Order(), committed.Order());
        Assert.All(due, file => Assert.Equal(
            file.Value, File.ReadAllText(Path.Combine(Harness, "Contracts", file.Key))));
    }

    [Fact]
    public void EverySignatureIsTheOneInItsSummary()
    {
        Type[] contracts =
            [.. typeof(ContractCodec).Assembly.GetTypes().Where(type =>
                type.Namespace == "Culverin.Harness.Contracts"
                    && type.GetProperty("Errors", BindingFlags.Static | BindingFlags.Public) is not null)];
        Assert.Equal(
            Directory.GetFiles(Path.Combine(Harness, "Contracts"), "*.g.cs").Length, contracts.Length);
        int functions = 0;
        foreach (Type type in contracts.SelectMany(contract => contract.GetNestedTypes()))
        {
            if (type.GetCustomAttribute<FunctionAttribute>() is not null)
            {
                FunctionABI abi = ABITypedRegistry.GetFunctionABI(type);
                Assert.Contains($"<c>{abi.Signature}</c>", SourceOf(type), StringComparison.Ordinal);
                functions++;
            }
            else if (type.GetCustomAttribute<ErrorAttribute>() is not null)
            {
                ErrorABI abi = ABITypedRegistry.GetError(type);
                Assert.Contains($"<c>{abi.Signature}</c>", SourceOf(type), StringComparison.Ordinal);
            }
        }

        Assert.True(functions > 450, $"{functions} functions");
    }

    private static string SourceOf(Type type) => File.ReadAllText(
        Path.Combine(Harness, "Contracts", $"{type.DeclaringType!.Name}.g.cs"));
}
