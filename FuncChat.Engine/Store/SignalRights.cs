namespace FuncChat.Engine.Store;

/// <summary>What the sender of a signal may answer. It is checked before the signal is stored, and is not part of it.</summary>
[Flags]
public enum SignalRights
{
    None = 0,

    /// <summary>The turn is the sender's: they may answer questions and deny requests.</summary>
    Owner = 1,

    /// <summary>The sender may approve tool calls.</summary>
    ApproveTools = 2,

    /// <summary>The sender may raise budgets.</summary>
    RaiseBudgets = 4,
}
