using Azure;
using Azure.Identity;
using FuncChat.Azure.Identity;

namespace FuncChat.Azure.Secrets;

/// <summary>What each failure of a vault means to the operator: a line that names the setting, the reason, and what to do.</summary>
internal static class VaultFailures
{
    /// <summary>Whether the same setting may work later: the vault, the network or the sign-in is down, or a role was assigned moments ago.</summary>
    public static bool MayPass(Exception failure) =>
        Unwrap(failure) is AuthenticationFailedException or TimeoutException or RequestFailedException { Status: 0 or 403 or 429 or >= 500 };

    public static string Describe(Exception failure) => "KEY_VAULT_URI " + Unwrap(failure) switch
    {
        AuthenticationFailedException signIn => $"names a vault that can't be read, since {SignInFailures.Describe(signIn)}",
        TimeoutException =>
            $"names a vault that can't be read: it, or the sign-in, did not answer within {VaultReader.Limit.TotalSeconds} seconds. Check the network.",
        RequestFailedException { Status: 0 } broken => Unreachable(broken.InnerException as HttpRequestException),
        RequestFailedException { Status: 401 } =>
            "names a vault that does not know the app's identity. Both must belong to the same tenant.",
        RequestFailedException { Status: 403 } refused when Says(refused, "ForbiddenByFirewall") || Says(refused, "ForbiddenByConnection") =>
            "names a vault whose firewall keeps this machine out. Let its address in, or use the vault's private endpoint.",
        RequestFailedException { Status: 403 } =>
            "names a vault that the app's identity may not read. Give it the role Key Vault Secrets User there; that takes effect within some minutes.",
        RequestFailedException { Status: 429 or >= 500 } =>
            "names a vault that is out of order or asked too often just now. Start again in a while.",
        _ => "is not the address of a vault. A valid example: https://name.vault.azure.net/",
    };

    public static bool Says(RequestFailedException refused, string code) => refused.Message.Contains(code, StringComparison.Ordinal);

    private static string Unreachable(HttpRequestException? failure) => failure?.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError =>
            "names a vault that is not found. Check its spelling, that it was not deleted, and the network. A valid example: https://name.vault.azure.net/",
        HttpRequestError.SecureConnectionError => "names a vault to which no secure connection can be made. Check its address and its certificate.",
        _ => "names a vault that can't be reached. Check its address, the network, and the vault's firewall.",
    };

    // After the last try, the client throws all that it met.
    private static Exception Unwrap(Exception failure) =>
        failure is AggregateException { InnerExceptions: [.., var last] } ? Unwrap(last) : failure;
}
