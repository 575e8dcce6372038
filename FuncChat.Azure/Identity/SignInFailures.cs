using Azure.Identity;

namespace FuncChat.Azure.Identity;

/// <summary>What a failed sign-in of the app's identity means to the operator: a sentence that says what to do.</summary>
internal static class SignInFailures
{
    public static string Describe(Exception failure) => failure switch
    {
        CredentialUnavailableException =>
            "there is no identity to sign in with. In Azure, give the app a managed identity, whose client id AZURE_CLIENT_ID holds if it is "
            + "user-assigned; elsewhere, sign in with `az login`.",
        OperationCanceledException => "the sign-in took too long. Check that the network lets it reach login.microsoftonline.com.",
        _ => "the sign-in was refused. Check AZURE_CLIENT_ID and the tenant; outside Azure, sign in again with `az login`.",
    };
}
