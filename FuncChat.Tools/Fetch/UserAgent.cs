namespace FuncChat.Tools.Fetch;

/// <summary>How requests name their sender. Some APIs and gateways refuse those that do not.</summary>
public static class UserAgent
{
    /// <summary>The product and its version, as in `User-Agent`.</summary>
    public const string Product = "FuncChat/1.0";
}
