namespace FuncChat.Engine.Chat.Approvals;

/// <summary>When a tool's calls need a person's approval.</summary>
public enum ApprovalMode
{
    /// <summary>Unless the tool declares that it only reads.</summary>
    Annotation,

    /// <summary>Each call.</summary>
    Always,

    /// <summary>No call.</summary>
    Never,
}
