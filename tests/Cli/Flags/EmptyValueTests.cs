using Culverin.Tests.Shared;
using Culverin.Versions;
using Xunit;

namespace Culverin.Cli.Tests.Flags;

/// <summary>
/// An empty value, as an unset variable of a script leaves it, is refused wherever it has no meaning.
/// </summary>
public sealed class EmptyValueTests
{
    [Theory]
    [InlineData("run --input=")]
    [InlineData("run --input state.bin --output= --proof-at =3 --proof-fmt=")]
    [InlineData("run --input state.bin --output= --stop-at =3 --proof-fmt=")]
    [InlineData("run --input state.bin --output= --snapshot-at =3 --snapshot-fmt=")]
    [InlineData("run --input state.bin --output= --stop-at =3 --snapshot-on-error=")]
    [InlineData("run --input state.bin --output= --stop-at =3 --engine=")]
    [InlineData("run --input state.bin --output= --stop-at =3 --replay=")]
    [InlineData("run --input state.bin --output= --stop-at =3 --oracle-dir=")]
    [InlineData("run --input state.bin --output= --stop-at =3 --oracle-dir . --record=")]
    [InlineData("run --input state.bin --output= --stop-at =3 --memory-limit=")]
    [InlineData("load-elf --type= --path guest.elf")]
    [InlineData("load-elf --type 2 --path=")]
    [InlineData("analyze --path=")]
    [InlineData("analyze --path guest.elf --type=")]
    [InlineData("witness --input=")]
    [InlineData("convert --input state.bin --output=")]
    [InlineData("convert --input state.bin --to= --output x.bin")]
    [InlineData("convert --input= --output x.bin")]
    [InlineData("verify --proof=")]
    [InlineData("verify --proof proof-1.json --type=")]
    [InlineData("verify --proof proof-1.json --expect-pre=")]
    [InlineData("verify --proof proof-1.json --expect-post=")]
    [InlineData("verify --proof proof-1.json --prestate=")]
    [InlineData("strace --input state.bin --until 5 --only=")]
    [InlineData("strace --input state.bin --until=")]
    [InlineData("disassemble --input state.bin --count=")]
    [InlineData("disassemble --input state.bin --from=")]
    [InlineData("disassemble --input state.bin --function=")]
    [InlineData("disassemble --input state.bin --type=")]
    [InlineData("disassemble --input=")]
    [InlineData("disassemble --path guest.elf --input=")]
    [InlineData("trace build --dir= --input state.bin --until 9")]
    [InlineData("trace build --dir t --input= --until 9")]
    [InlineData("trace build --dir t --input state.bin --until=")]
    [InlineData("trace build --dir t --input state.bin --until 9 --spacing=")]
    [InlineData("trace hash --dir t --at=")]
    [InlineData("trace proof --dir t --at 3 --proof-fmt=")]
    public void AnEmptyValueIsRefused(string words)
    {
        using Workshop workshop = Make();
        string[] before = workshop.FileNames;
        CulverinResult result = workshop.Run(words.Split(' ')).Expect(1);
        string flag = Array.FindLast(words.Split(' '), word => word[^1] == '=')!.TrimEnd('=');
        Assert.Equal($"error: The flag {flag} does not take an empty value.\n", result.ErrorOutput);
        Assert.Equal("", result.Output);
        Assert.Equal(before, workshop.FileNames);
    }

    [Theory]
    [InlineData("run --input state.bin --output= --meta= --debug-info= --stop-at =3")]
    [InlineData("run --input state.bin --output= --proof-at= --snapshot-at= --stop-at =3")]
    [InlineData("run --input state.bin --output= --info-at= --hash-at= --stop-at =3")]
    [InlineData("run --input state.bin --output= --stop-at-preimage= --stop-at-preimage-type= --stop-at =3")]
    [InlineData("load-elf --type 2 --path guest.elf --out= --meta=")]
    [InlineData("witness --input state.bin --output=")]
    [InlineData("strace --input state.bin --meta= --until 3")]
    [InlineData("disassemble --input state.bin --meta=")]
    public void WhatMeansNoneMayBeEmpty(string words)
    {
        using Workshop workshop = Make();
        string[] before = workshop.FileNames;
        workshop.Run(words.Split(' ')).Expect(0);
        Assert.Equal(before, workshop.FileNames);
    }

    private static Workshop Make()
    {
        var workshop = new Workshop();
        workshop.MakeEndless();
        workshop.UnpackElf(new GuestVector(StateVersion.SingleThreaded2, "hello").ElfPath);
        File.WriteAllText(workshop.File("proof-1.json"), "{}");
        return workshop;
    }
}
