namespace FuncChat.Web.Auth;

/// <summary>Names of authorization policies.</summary>
internal static class AuthPolicies
{
    /// <summary>What every protected route requires.</summary>
    public const string ApiUser = "ApiUser";
}
