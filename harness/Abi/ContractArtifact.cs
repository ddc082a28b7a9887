using System.Text.Json;
using Culverin.Harness.Values;

namespace Culverin.Harness.Abi;

/// <summary>A compiled contract in forge's artifact format: its ABI and its creation code.</summary>
public sealed class ContractArtifact
{
    // The production compiler; where a package holds several builds of a contract, this one is deployed.
    private const string PreferredCompiler = "0.8.15";

    private const long FileBytesMax = 64 << 20;

    private readonly byte[] _creationCode;
    private readonly bool _isLinked;
    private readonly bool _takesArguments;

    private ContractArtifact(string name, bool takesArguments, byte[] creationCode, bool isLinked)
    {
        Name = name;
        _creationCode = creationCode;
        _isLinked = isLinked;
        _takesArguments = takesArguments;
    }

    /// <summary>The contract's name.</summary>
    public string Name { get; }

    /// <summary>
    /// Finds a contract below a folder of artifacts: "NAME.sol/NAME.json" or "…/NAME.0.8.15.json", the
    /// latter first, else a file of such a name in any subfolder. Throws <see cref="ChainException"/> when
    /// there is none.
    /// </summary>
    public static ContractArtifact Find(string folder, string name)
    {
        string[] fileNames = [$"{name}.{PreferredCompiler}.json", $"{name}.json"];
        string? path = fileNames
            .Select(file => Path.Combine(folder, $"{name}.sol", file))
            .FirstOrDefault(File.Exists);
        if (path is null && Directory.Exists(folder))
        {
            path = fileNames
                .SelectMany(file => Directory.GetFiles(folder, file, SearchOption.AllDirectories).Order())
                .FirstOrDefault();
        }

        return path is null
            ? throw new ChainException(
                ChainFailure.Artifact, $"No artifact of the contract {name} is below {folder}.")
            : Load(path, name);
    }

    /// <summary>
    /// Reads one artifact file; throws <see cref="ChainException"/> when it is unreadable or malformed.
    /// </summary>
    public static ContractArtifact Load(string path, string name)
    {
        try
        {
            FileInfo file = new(path);
            if (file.Length > FileBytesMax)
            {
                throw new ChainException(
                    ChainFailure.Artifact, $"The artifact {path} is larger than {FileBytesMax:N0} bytes.");
            }

            return Read(File.ReadAllBytes(path), name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ChainException(ChainFailure.Artifact, $"The artifact {path} cannot be read.", error);
        }
    }

    /// <summary>
    /// Reads the text of an artifact; throws <see cref="ChainException"/> when it is malformed.
    /// </summary>
    public static ContractArtifact Read(ReadOnlySpan<byte> json, string name)
    {
        JsonElement root;
        try
        {
            root = JsonElement.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
        }
        catch (JsonException error)
        {
            throw new ChainException(
                ChainFailure.Artifact, $"The artifact of {name} is not valid JSON.", error);
        }

        if (root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("abi", out JsonElement abi)
            || !root.TryGetProperty("bytecode", out JsonElement code)
            || code.ValueKind != JsonValueKind.Object
            || !code.TryGetProperty("object", out JsonElement codeObject))
        {
            throw new ChainException(
                ChainFailure.Artifact, $"The artifact of {name} lacks an ABI or bytecode.");
        }

        // A place for a library's address is "__$…$__" in the digits: no hexadecimal, so not parsed at all.
        string digits = JsonText.Read(codeObject);
        bool isLinked = !digits.Contains("__", StringComparison.Ordinal);
        byte[]? creationCode = [];
        if (isLinked && !Hex.TryParse(digits, out creationCode))
        {
            throw new ChainException(ChainFailure.Artifact, $"The bytecode of {name} is not hexadecimal.");
        }

        return new ContractArtifact(name, TakesArguments(abi, name), creationCode!, isLinked);
    }

    /// <summary>
    /// The data of the transaction that creates the contract: creation code, then the constructor's encoded
    /// arguments. Throws <see cref="ChainException"/> for an interface, for code that still awaits a
    /// library's address, and for arguments where there are none or the other way round.
    /// </summary>
    public byte[] CreationCode(ReadOnlySpan<byte> arguments)
    {
        RequireDeployable();
        return _takesArguments != arguments.IsEmpty
            ? [.. _creationCode, .. arguments]
            : throw new ChainException(
                ChainFailure.Abi,
                $"The constructor of {Name} takes {(_takesArguments ? "" : "no ")}arguments.");
    }

    // The generated types know the rest of the ABI.
    private static bool TakesArguments(JsonElement abi, string name)
    {
        if (abi.ValueKind != JsonValueKind.Array
            || abi.EnumerateArray().Any(entry => entry.ValueKind != JsonValueKind.Object))
        {
            throw new ChainException(
                ChainFailure.Artifact, $"The ABI of {name} is not a JSON array of objects.");
        }

        foreach (JsonElement entry in abi.EnumerateArray())
        {
            if (entry.TryGetProperty("type", out JsonElement type)
                && type.ValueEquals("constructor")
                && entry.TryGetProperty("inputs", out JsonElement inputs))
            {
                return inputs.ValueKind == JsonValueKind.Array
                    ? inputs.GetArrayLength() > 0
                    : throw new ChainException(
                        ChainFailure.Artifact, $"The inputs of the constructor of {name} are not an array.");
            }
        }

        return false;
    }

    private void RequireDeployable()
    {
        if (!_isLinked)
        {
            throw new ChainException(
                ChainFailure.Artifact,
                $"The bytecode of {Name} is not linked: it awaits the address of a library.");
        }

        if (_creationCode.Length == 0)
        {
            throw new ChainException(
                ChainFailure.Artifact,
                $"{Name} has no bytecode: it is an interface or an abstract contract.");
        }
    }
}
