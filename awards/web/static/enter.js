// The code of an invitation comes in the fragment of its link, which no browser sends. It moves into the form, and out
// of the address. Without this script a person pastes it.
const code = location.hash.slice(1);
if (/^awd_[0-9A-Za-z]{49}$/.test(code)) {
  document.getElementById("code").value = code;
  history.replaceState(null, "", location.pathname + location.search);
  document.getElementById("login").focus();
}
