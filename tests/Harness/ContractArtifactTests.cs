using System;
using System.IO;
using System.Text;
using System.Text.Json;
using Culverin.Harness.Chain;
using Xunit;

namespace Culverin.Harness.Tests;

public sealed class ContractArtifactTests
{
    [Fact]
    public void The_production_compilers_build_is_preferred()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string contract = Directory.CreateDirectory(Path.Combine(folder, "X.sol")).FullName;
            File.WriteAllText(
                Path.Combine(contract, "X.json"), """{"abi":[],"bytecode":{"object":"0x01"}}""");
            Assert.Equal([1], ContractArtifact.Find(folder, "X").EncodeDeployment());
            File.WriteAllText(
                Path.Combine(contract, "X.0.8.15.json"), """{"abi":[],"bytecode":{"object":"0x02"}}""");
            Assert.Equal([2], ContractArtifact.Find(folder, "X").EncodeDeployment());
            Assert.Throws<ChainException>(() => ContractArtifact.Find(folder, "Y"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Selectors_of_the_real_contracts_are_the_compilers()
    {
        string folder = Repository.Packages.ContractArtifacts;
        int compared = 0;
        string[] names = ["MIPS", "PreimageOracle", "FaultDisputeGame", "OptimismPortal2", "SystemConfig"];
        foreach (string name in names)
        {
            string path = Path.Combine(folder, $"{name}.sol", $"{name}.json");
            JsonElement artifact = JsonElement.Parse(File.ReadAllBytes(path));
            JsonElement compiled = artifact.GetProperty("methodIdentifiers");
            foreach (AbiFunction function in ContractArtifact.Find(folder, name).Abi.Functions)
            {
                string expected = "0x" + compiled.GetProperty(function.Signature).GetString();
                Assert.Equal(expected, Hex.Format(function.Selector));
                compared++;
            }
        }

        Assert.True(compared > 100);
    }

    [Fact]
    public void Unlinked_bytecode_and_interfaces_are_refused_by_a_sentence()
    {
        string folder = Repository.Packages.ContractArtifacts;
        ContractArtifact unlinked = ContractArtifact.Find(folder, "SafeTestTools");
        Assert.Contains(
            "not linked",
            Assert.Throws<ChainException>(() => unlinked.EncodeDeployment()).Message,
            StringComparison.Ordinal);
        ContractArtifact abstraction = ContractArtifact.Find(folder, "IPreimageOracle");
        Assert.Contains(
            "no bytecode",
            Assert.Throws<ChainException>(() => abstraction.EncodeDeployment()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"abi":[],"bytecode":{}}""")]
    [InlineData("""{"abi":{},"bytecode":{"object":"0x"}}""")]
    [InlineData("""{"abi":[],"bytecode":{"object":7}}""")]
    [InlineData("""{"abi":[],"bytecode":{"object":"0x123"}}""")]
    [InlineData("""{"abi":[7],"bytecode":{"object":"0x"}}""")]
    [InlineData("""{"abi":[{"type":"function"}],"bytecode":{"object":"0x"}}""")]
    [InlineData("""{"abi":[{"type":"error","name":"E","inputs":[{}]}],"bytecode":{"object":"0x"}}""")]
    [InlineData(
        """{"abi":[{"type":"error","name":"E","inputs":[{"type":"tuple"}]}],"bytecode":{"object":"0x"}}""")]
    public void Malformed_artifacts_are_refused(string json)
    {
        Assert.Throws<ChainException>(() => ContractArtifact.Read(Encoding.UTF8.GetBytes(json), "X"));
    }
}
