using Culverin.Files;
using Culverin.Guest;
using Culverin.State;
using Culverin.Tests.Shared;
using Culverin.Versions;

namespace Culverin.Cli.Tests;

/// <summary>A folder for one test, removed at the end, with guests made ready in it.</summary>
internal sealed unsafe class Workshop : IDisposable
{
    /// <summary>No instruction of MIPS32.</summary>
    private const uint ReservedInstruction = 0xFFFF_FFFF;

    /// <summary>A branch to itself; what follows it is its delay slot.</summary>
    private const uint BranchToItself = 0x1000_FFFF;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("culverin-cli-");

    public string Path => _folder.FullName;

    /// <summary>Names of all files, those in subfolders too.</summary>
    public string[] FileNames => [.. _folder.EnumerateFiles("*", SearchOption.AllDirectories)
        .Select(file => System.IO.Path.GetRelativePath(Path, file.FullName)).Order(StringComparer.Ordinal)];

    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    public byte[] Bytes(string name) => System.IO.File.ReadAllBytes(File(name));

    public string Text(string name) => System.IO.File.ReadAllText(File(name));

    public CulverinResult Run(params string[] arguments) => Culverin.Run(Path, arguments);

    /// <summary>Unpacks a guest's program to guest.elf.</summary>
    /// <param name="path">The program, compressed.</param>
    public void UnpackElf(string path) =>
        System.IO.File.WriteAllBytes(File("guest.elf"), RepositoryFiles.ReadGzip(path));

    /// <summary>Makes state.bin.gz and meta.json of a guest with the program itself.</summary>
    public GuestVector Load(StateVersion version, string guest)
    {
        var vector = new GuestVector(version, guest);
        UnpackElf(vector.ElfPath);
        Run("load-elf", "--type", FeatureSet.Of(version).Name, "--path", "guest.elf").Expect(0);
        return vector;
    }

    /// <summary>Writes state.bin of a program that stays at its first instruction for ever.</summary>
    public void MakeEndless() => MakePatched(BranchToItself, 0);

    /// <summary>Writes state.bin of a program that stays at address 0 for ever, at some step.</summary>
    public void MakeEndless(StateVersion version, ulong step)
    {
        // SAFETY: the state's native block lives as long as the image.
        using MachineImage image = MachineImage.CreateEmpty(version);
        image.Memory.WriteUInt32(0, BranchToItself);
        if (image is MachineImage<uint> image32)
        {
            (image32.State.Step, image32.State.Cpu->NextPc) = (step, 4);
        }
        else
        {
            var image64 = (MachineImage<ulong>)image;
            (image64.State.Step, image64.State.Cpu->NextPc) = (step, 4);
        }

        StateFile.Write(File("state.bin"), image);
    }

    /// <summary>Writes state.bin of a program whose second instruction does not exist.</summary>
    public void MakeFailing() => MakePatched(0, ReservedInstruction);

    /// <summary>Writes large.bin, a state of so many odd pages that compressing it takes seconds.</summary>
    public void MakeLarge()
    {
        const uint FirstAddress = 0x4000_0000;
        const uint PageCount = 30_000;
        const uint PageSizeBytes = 4096;
        var vector = new GuestVector(StateVersion.SingleThreaded2, "hello");
        using MachineImage<uint> image = Loader.Load32(vector.Elf(), vector.Version);
        var random = new Random(1);
        for (uint offset = 0; offset < PageCount * PageSizeBytes; offset += sizeof(uint))
        {
            image.Memory.WriteUInt32(FirstAddress + offset, (uint)random.Next(256));
        }

        StateFile.Write(File("large.bin"), image);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void MakePatched(uint first, uint second)
    {
        var vector = new GuestVector(StateVersion.SingleThreaded2, "hello");
        ElfFile elf = vector.Elf();
        using MachineImage<uint> image = Loader.Load32(elf, vector.Version);
        image.Memory.WriteUInt32(elf.EntryPoint, first);
        image.Memory.WriteUInt32(elf.EntryPoint + 4, second);
        StateFile.Write(File("state.bin"), image);
        MetaFile.Write(File("meta.json"), new SymbolTable(elf.Symbols));
    }
}
