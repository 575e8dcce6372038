namespace FuncChat.Tests.Azure.Outages;

/// <summary>The ways in which a storage account is away.</summary>
public enum Outage
{
    /// <summary>Nothing listens: connections are refused.</summary>
    Refused,

    /// <summary>Connections are accepted and reset.</summary>
    Reset,

    /// <summary>Every request is answered with 503, ServerBusy.</summary>
    Unavailable,

    /// <summary>Connections are accepted, and nothing is ever answered.</summary>
    Hanging,
}
