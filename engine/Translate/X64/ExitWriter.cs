using Culverin.Translate.Ir;
using Culverin.X64;

namespace Culverin.Translate.X64;

/// <summary>
/// The ways out of a superblock: they stand behind it, since most are seldom taken.
/// </summary>
internal sealed class ExitWriter
{
    private readonly Assembler _code;
    private readonly List<Exit> _exits = [];
    private readonly List<Link> _links = [];
    private int _used;
    private int _firstLinkNumber;

    /// <summary>Makes a writer.</summary>
    /// <param name="code">Where the code goes.</param>
    public ExitWriter(Assembler code) => _code = code;

    /// <summary>The direct jumps of the superblock written last.</summary>
    public IReadOnlyList<Link> Links => _links;

    /// <summary>Starts a superblock.</summary>
    /// <param name="firstLinkNumber">What the first of <see cref="Links"/> is called on its exit.</param>
    public void Begin(int firstLinkNumber)
    {
        _used = 0;
        _links.Clear();
        _firstLinkNumber = firstLinkNumber;
    }

    /// <summary>A new exit, which nothing leads to yet.</summary>
    public Exit Add(ulong target, int stepsLeft, bool isSideExit)
    {
        if (_used == _exits.Count)
        {
            _exits.Add(new Exit());
        }

        Exit exit = _exits[_used++];
        exit.Reset(target, stepsLeft, isSideExit);
        return exit;
    }

    /// <summary>Writes the code of all exits that something leads to.</summary>
    public void Write(CommonCode common)
    {
        for (int number = 0; number < _used; number++)
        {
            Exit exit = _exits[number];
            if (exit.Jumps.Count > 0)
            {
                Write(exit, common);
            }
        }
    }

    private void Write(Exit exit, CommonCode common)
    {
        // A jump that gives nothing back can itself be linked; else the jump behind the giving back is.
        int site = exit.Jumps[0];
        if (exit.StepsLeft > 0 || exit.Jumps.Count > 1)
        {
            foreach (int jump in exit.Jumps)
            {
                _code.Bind(jump);
            }

            if (exit.StepsLeft > 0)
            {
                _code.AluImmediate(
                    AluOperation.Add, OperandSize.Bits64, HostLayout.Budget, exit.StepsLeft);
            }

            site = -1;
        }

        if (exit.IsSideExit)
        {
            if (site >= 0)
            {
                _code.Bind(site);
            }

            _code.MovImmediate(Register.Rax, exit.Target);
            _code.JmpTo(common.SideExit);
            return;
        }

        if (site < 0)
        {
            site = _code.Jmp();
        }

        int stub = _code.Position;
        _code.SetTarget(site, stub);
        _code.MovImmediate(Register.Rax, exit.Target);
        _code.MovImmediate(Register.Rcx, (uint)(_firstLinkNumber + _links.Count));
        _code.JmpTo(common.Link);
        _links.Add(new Link(site, stub, exit.Target));
    }
}
