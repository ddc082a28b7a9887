using System.Text;
using System.Text.Json;
using Culverin.Harness.Abi;
using Culverin.Harness.Contracts;
using Culverin.Harness.Values;
using Nethereum.ABI.Model;
using Nethereum.Contracts;
using Xunit;

namespace Culverin.Harness.Tests.Abi;

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
            Assert.Equal([1], ContractArtifact.Find(folder, "X").CreationCode([]));
            File.WriteAllText(
                Path.Combine(contract, "X.0.8.15.json"), """{"abi":[],"bytecode":{"object":"0x02"}}""");
            Assert.Equal([2], ContractArtifact.Find(folder, "X").CreationCode([]));
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
            Type contract = typeof(ContractCodec).Assembly
                .GetType($"{typeof(ContractCodec).Namespace}.{name}", throwOnError: true)!;
            foreach (Type type in contract.GetNestedTypes()
                .Where(type => type.IsAssignableTo(typeof(FunctionMessage))))
            {
                FunctionABI function = ABITypedRegistry.GetFunctionABI(type);
                Assert.Equal(
                    compiled.GetProperty(function.Signature).GetString(), function.Sha3Signature);
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
            Assert.Throws<ChainException>(() => unlinked.CreationCode([])).Message,
            StringComparison.Ordinal);
        ContractArtifact abstraction = ContractArtifact.Find(folder, "IPreimageOracle");
        Assert.Contains(
            "no bytecode",
            Assert.Throws<ChainException>(() => abstraction.CreationCode([])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_constructor_takes_its_own_arguments_only()
    {
        string folder = Repository.Packages.ContractArtifacts;
        ContractArtifact mips = ContractArtifact.Find(folder, "MIPS");
        Address oracle = Address.OfCreated(default, 1);
        byte[] deployment = mips.EncodeDeployment(new MIPS.Constructor { Oracle = oracle });
        Assert.Equal(oracle, new Address(deployment.AsSpan()[^Address.SizeBytes..]));
        Assert.Throws<ChainException>(() => mips.EncodeDeployment(null));
        Assert.Throws<ArgumentException>(
            () => mips.EncodeDeployment(new Proxy.Constructor { Admin = oracle }));
        ContractArtifact manager = ContractArtifact.Find(folder, "AddressManager");
        Assert.Equal(
            ChainFailure.Abi,
            Assert.Throws<ChainException>(() => manager.CreationCode(new byte[32])).Failure);
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
    [InlineData("""{"abi":[{"type":"constructor","inputs":7}],"bytecode":{"object":"0x"}}""")]
    public void Malformed_artifacts_are_refused(string json)
    {
        Assert.Throws<ChainException>(() => ContractArtifact.Read(Encoding.UTF8.GetBytes(json), "X"));
    }
}
