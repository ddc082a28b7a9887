namespace Culverin.Harness.Report.Stories;

/// <summary>How a withdrawal of a story ended.</summary>
public enum WithdrawalEnd
{
    /// <summary>It had not ended.</summary>
    Open = 0,

    /// <summary>It was paid out, and the money arrived.</summary>
    Paid = 1,

    /// <summary>It will never be paid out.</summary>
    Dead = 2,

    /// <summary>It was executed, and nobody was paid.</summary>
    Undelivered = 3,
}
